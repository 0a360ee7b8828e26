import { exposedCheck } from '../../exposed-ports.ts'

export default exposedCheck({
  id: 'network.databases-private',
  title: 'no database is reachable from outside',
  severity: 'high',
  why: 'most of them ask for no password by default, and a bot empties them within hours',
  source: 'OpenClaw security guide: segment network access; Shodan reports on open databases',
  ports: { 6379: 'Redis', 5432: 'PostgreSQL', 3306: 'MySQL', 27017: 'MongoDB', 9200: 'Elasticsearch', 11211: 'memcached', 5984: 'CouchDB', 8086: 'InfluxDB', 6333: 'Qdrant', 2379: 'etcd' },
})
