import { describeDemo } from './demo-cases.ts'
import { describeEngine } from './engine-cases.ts'
import { webkitEngine } from './support/webkit-engine.ts'

describeEngine(webkitEngine())
describeDemo(webkitEngine())
