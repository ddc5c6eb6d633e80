import { describeDemo } from './demo-cases.ts'
import { describeEngine } from './engine-cases.ts'
import { firefoxEngine } from './support/firefox-engine.ts'

describeEngine(firefoxEngine())
describeDemo(firefoxEngine())
