// `explain` shows examples to operators, so the machine they describe is no test code: it lives in example-machine.ts.
export { ExampleMachine } from './example-machine.ts'
