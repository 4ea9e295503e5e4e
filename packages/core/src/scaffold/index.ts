export { type ExampleName, exampleNames, isPlainPath, type ScaffoldOptions, scaffold } from "./scaffold.ts";
