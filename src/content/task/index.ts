/** Tasks of a pipeline, held against their schema: for the library alone, no proxy has to carry a compiler of schemas. */
export { taskSchema, validateTask, type JsonSchema } from './validate-task.ts'
