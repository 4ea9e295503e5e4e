import { isMap, isSeq } from "yaml";
import type { Diagnostic } from "../../diagnostic.ts";
import type { Stack } from "../../stack/model.ts";
import { entriesOf } from "../../template/nodes.ts";
import { parseYaml } from "../../template/yaml.ts";

/** What a stack deployment file of Git sync has: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/git-sync-concepts-terms.html */
const keysOfGitSync = ["template-file-path", "parameters", "tags"];

/** What a stack file says that CloudFormation's Git sync does not know. Nothing for a template that has no stack file. */
export function checkStackFile(stack: Stack, text: string | undefined): Diagnostic[] {
  if (text === undefined || stack.file === stack.template.source.path) return [];
  const { value: file } = parseYaml({ path: stack.file, text });
  if (!file?.root || !isMap(file.root)) return [];
  const entries = [...entriesOf(file.root)];
  const others = entries.filter(({ key }) => !keysOfGitSync.includes(key));
  const parameters = entries.find(({ key }) => key === "parameters")?.value;
  const diagnostics: Diagnostic[] = [];
  const [first] = others;
  if (first) {
    diagnostics.push({
      code: "cloudformation.stack-file",
      severity: "note",
      message: `CloudFormation's Git sync does not know ${others.map(({ key }) => `"${key}"`).join(", ")}.`,
      remedy:
        "Say the name, the region and the role when the stack is connected to the repository; leave the others out.",
      place: file.placeOf(first.keyNode),
    });
  }
  const target = parameters && file.target(parameters);
  for (const { key, value } of isMap(target) ? entriesOf(target) : []) {
    const given = value && file.target(value);
    if (!isMap(given) && !isSeq(given)) continue;
    const isList = isSeq(given);
    diagnostics.push({
      code: "cloudformation.parameter-value",
      severity: "note",
      message: `CloudFormation takes the parameter "${key}" as text, not as ${isList ? "a list" : "something to look up"}.`,
      remedy: isList ? "Write one text with commas." : "Pass the value itself when CloudFormation makes the stack.",
      place: file.placeOf(given),
    });
  }
  return diagnostics;
}
