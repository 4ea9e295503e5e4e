import type { Place } from "../diagnostic.ts";
import { undecidedCondition } from "./early.ts";
import { resourceLabel } from "./label.ts";
import type { Template } from "./model.ts";
import { didYouMean, nearest, nearestIn } from "./nearest.ts";
import { complain, type Reader } from "./structure.ts";

/** Names of conditions and of DependsOn can only be checked when everything is read, and that no name has two meanings. */
export function checkNames(reader: Reader, template: Template): void {
  const { parameters, resources, outputs } = template;
  for (const resource of resources.values()) {
    const labelled = { ...reader, resource: resourceLabel(resource) };
    if (parameters.has(resource.logicalId)) {
      complain(labelled, resource.place, {
        code: "name.duplicate",
        message: `"${resource.logicalId}" is the name of a parameter already.`,
        remedy: "Rename one of the two: a reference could mean either.",
      });
    }
    if (resource.condition) checkCondition(labelled, template, resource.condition);
    for (const { logicalId, place } of resource.dependsOn) {
      if (resources.has(logicalId) && logicalId !== resource.logicalId) continue;
      const itself = logicalId === resource.logicalId;
      if (template.partial && !itself) continue;
      complain(labelled, place, {
        code: itself ? "depends-on.itself" : "depends-on.undefined",
        message: itself ? "A resource cannot depend on itself." : `There is no resource "${logicalId}".`,
        remedy: itself
          ? "Remove it."
          : meantIn(resources, logicalId, "Declare the resource, or remove the dependency."),
      });
    }
  }
  for (const output of outputs.values()) if (output.condition) checkCondition(reader, template, output.condition);
}

function checkCondition(reader: Reader, template: Template, condition: { name: string; place: Place }): void {
  if (template.partial || condition.name === undecidedCondition || template.conditions.has(condition.name)) return;
  complain(reader, condition.place, {
    code: "condition.undefined",
    message: `There is no condition "${condition.name}".`,
    remedy: meantIn(template.conditions, condition.name, "Declare it in the section Conditions."),
  });
}

function meantIn(names: ReadonlyMap<string, unknown>, name: string, otherwise: string): string {
  const near = nearestIn(names, `${name}.`, () => nearest(name, names.keys()));
  return near === undefined ? otherwise : didYouMean(name, [near], otherwise);
}
