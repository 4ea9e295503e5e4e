/** Before the tests of the command line: they run the bundle. */
export { bundleCurrent as setup } from "./bundle.mjs";
