import { nearest } from "../../template/nearest.ts";
import type { Specification } from "../specification.ts";
import type { Finding, Review } from "./model.ts";
import { type Element, policiesOf, policyTypes, textsOf } from "./statements.ts";

export const unknownAction: Review = {
  id: "policy.unknown-action",
  severity: "warning",
  title: "A policy names an action that does not exist",
  about:
    "IAM takes any text as an action; one that no service has allows nothing and denies nothing. What stands in a policy is held against the service authorization reference, wildcards included, as it was when this version was made: an action that is newer is not known to it.",
  remedy: "Correct the name; the service authorization reference lists all actions.",
  resource: {
    types: policyTypes,
    look(resource, { specification }) {
      if (!specification) return [];
      const statements = policiesOf(resource).flatMap((policy) => policy.statements);
      const actions = statements.flatMap((each) => [...textsOf(each, "Action"), ...textsOf(each, "NotAction")]);
      return actions.flatMap((action) => checkAction(action, specification));
    },
  },
};

function checkAction({ text, at }: Element, { actions, actionServices }: Specification): Finding[] {
  if (text === "*" || text === "") return [];
  const colon = text.indexOf(":");
  if (colon <= 0) {
    return [
      { at, message: `"${text}" is no action.`, remedy: "Write the service and its action, as in s3:GetObject." },
    ];
  }
  const service = text.slice(0, colon).toLowerCase();
  const wanted = text.slice(colon + 1);
  // IAM takes no other wildcard in the name of a service.
  if (service === "*") return [];
  const names = actions(service);
  if (!names) {
    const near = nearest(service, actionServices());
    return [
      {
        at,
        message: `IAM knows no service "${service}".`,
        ...(near !== undefined && { remedy: `Did you mean "${near}:${wanted}"?` }),
      },
    ];
  }
  const pattern = wanted.toLowerCase();
  if (names.some((name) => matches(pattern, name.toLowerCase()))) return [];
  if (/[*?]/.test(wanted)) return [{ at, message: `"${text}" matches no action of ${service}.` }];
  const near = nearest(wanted, names);
  return [
    {
      at,
      message: `The service "${service}" has no action "${wanted}".`,
      ...(near !== undefined && { remedy: `Did you mean "${service}:${near}"?` }),
    },
  ];
}

/** `*` for any text, `?` for one character; never more than the product of both lengths. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let afterStar = 0;
  for (let index = 0; index < text.length; ) {
    if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[index]) && pattern[at] !== "*") {
      at += 1;
      index += 1;
    } else if (pattern[at] === "*") {
      star = at;
      afterStar = index;
      at += 1;
    } else if (star >= 0) {
      at = star + 1;
      afterStar += 1;
      index = afterStar;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
