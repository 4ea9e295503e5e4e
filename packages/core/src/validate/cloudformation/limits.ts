import { isMap } from "yaml";
import type { Diagnostic, Place } from "../../diagnostic.ts";
import type { Template } from "../../template/model.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const most = { resources: 500, parameters: 200, mappings: 200, outputs: 200, keys: 200 } as const;
const longest = { body: 51_200, object: 1_048_576, description: 1024, value: 4096 } as const;

/** Quotas of CloudFormation's that do not depend on the account. Reconcile has none of them. */
export function checkLimits(template: Template): Diagnostic[] {
  const { mappings, nested, outputs, parameters, resources } = template;
  const own = (declarations: ReadonlyMap<string, { within?: readonly string[] }>) =>
    [...declarations.values()].filter((each) => each.within === undefined).length;
  const place = top(template);
  const described = [...parameters.values(), ...outputs.values()].flatMap((each) =>
    tooLong(`The description of "${each.name}"`, each.description, longest.description, each.place),
  );
  return [
    ...checkSize(template),
    ...tooMany("resources", own(resources) + (nested?.size ?? 0), place),
    ...tooMany("parameters", parameters.size, place),
    ...tooMany("mappings", mappings.size, place),
    ...tooMany("outputs", own(outputs), place),
    ...[...mappings.values()].flatMap((node) =>
      isMap(node) ? tooMany("keys", node.items.length, template.placeOf(node)) : [],
    ),
    ...tooLong("The description of the template", template.description, longest.description, place),
    ...described,
  ];
}

function checkSize(template: Template): Diagnostic[] {
  const size = bytes(template.source.text);
  if (size <= longest.body) return [];
  const isTooLarge = size > longest.object;
  return [
    {
      code: "cloudformation.size",
      severity: isTooLarge ? "warning" : "note",
      message: isTooLarge
        ? `The template has ${thousands(size)} bytes, and CloudFormation reads at most ${thousands(longest.object)}.`
        : `The template has ${thousands(size)} bytes: more than the ${thousands(longest.body)} that a request to CloudFormation may hold.`,
      remedy: isTooLarge
        ? "Split it: into stacks that import from one another, or into nested stacks."
        : "Give CloudFormation the template from a bucket: aws cloudformation deploy --s3-bucket NAME does so.",
      place: top(template),
    },
  ];
}

function tooMany(what: keyof typeof most, count: number, place: Place): Diagnostic[] {
  if (count <= most[what]) return [];
  return [
    {
      code: "cloudformation.count",
      severity: "warning",
      message: `${what === "keys" ? "This mapping" : "The template"} has ${count} ${what}, and CloudFormation takes at most ${most[what]}.`,
      remedy: "Split it: into stacks that import from one another, or into nested stacks.",
      place,
    },
  ];
}

/** The value of a parameter, as a stack file gives it. */
export function checkParameterValue(name: string, { text, place }: { text: string; place: Place }): Diagnostic[] {
  return tooLong(`The value of the parameter "${name}"`, text, longest.value, place);
}

function tooLong(subject: string, text: string | undefined, limit: number, place: Place): Diagnostic[] {
  const size = bytes(text ?? "");
  if (size <= limit) return [];
  return [
    {
      code: "cloudformation.length",
      severity: "warning",
      message: `${subject} has ${thousands(size)} bytes, and CloudFormation takes at most ${thousands(limit)}.`,
      remedy: "Shorten it, or keep it in Parameter Store or a bucket.",
      place,
    },
  ];
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function thousands(count: number): string {
  return count.toLocaleString("en");
}

function top(template: Template): Place {
  return { file: template.source.path, line: 1, column: 1 };
}
