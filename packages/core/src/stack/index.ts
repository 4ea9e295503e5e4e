export { gitTree } from "./git-tree.ts";
export { inputKey } from "./input-key.ts";
export { inputsOf } from "./inputs.ts";
export { type LoadOptions, loadStacks } from "./load.ts";
export type * from "./model.ts";
export { accountForm, isStackName, regionForm, stackNameRule } from "./names.ts";
export { resolveParameters } from "./parameters.ts";
export { defaultProject, parseProject, projectFile } from "./project.ts";
export { diskTree, findRoot } from "./tree.ts";
