import { type Diagnostic, DiagnosticError, errorsIn, hasErrors, type Place } from "../diagnostic.ts";
import type { Stack } from "../stack/model.ts";
import { evaluateOutput, evaluateResource } from "../template/evaluate.ts";
import { parseTemplate } from "../template/parse.ts";
import { type AllowedAddress, cidrOf, environmentOf, groupType, listAddresses, ruleType } from "./addresses.ts";
import {
  findResources,
  type Line,
  notEditable,
  type ResourceText,
  withoutRange,
  writeResource,
} from "./template-text.ts";

/** What `allow-ip` is asked to write. */
export interface AddressWish {
  /** An address or a network, as `cidrOf` gives it. */
  cidr: string;
  /** The logical id of a group; undefined: the only one there is. */
  group?: string;
  port: number;
  label: string;
  expires?: string;
}

/** A template as it would be. */
export interface AddressEdit {
  file: string;
  text: string;
  /** A sentence for what was done; empty: nothing was to do. */
  done: readonly string[];
}

/** The template with a rule for an address. One of the same group, port and label is changed: an address that has become another one. Throws where that cannot be done. */
export function allowAddress(stack: Stack, wish: AddressWish): AddressEdit {
  const at = editable(stack);
  const group = groupOf(stack, wish.group);
  const logicalId = ruleIdOf(wish);
  const { cidr, label, port, expires } = wish;
  const said = `${cidr} to port ${port} of ${group}${expires === undefined ? "" : ` until ${expires}`}`;
  const own = stack.template.resources.get(logicalId);
  const known = listAddresses(stack).find((each) => each.rule === logicalId);
  if (own && (!known || own.type !== ruleType || known.group !== group || known.ports !== String(port))) {
    throw refusal(
      stack,
      "address.taken",
      `${logicalId} is something else already.`,
      "choose another --label",
      own.place,
    );
  }
  const text = writeResource(at, logicalId, linesOf(group, wish));
  if (text === at.source.text) return { file: at.source.path, text, done: [] };
  if (known && !isOurs(at, known)) {
    const message = `${logicalId} was changed by hand: it is not written over.`;
    throw refusal(stack, "address.edited", message, "change it there, or choose another --label", known.place);
  }
  const done = known ? `${label}: ${known.cidr}${untilOf(known)} becomes ${said}` : `${label}: allows ${said}`;
  return checked(stack, at, text, [done]);
}

/** The template without the rules of an address, or of a label. Throws where there are none, or where one stands in its group. */
export function revokeAddress(
  stack: Stack,
  { cidr, label, group, port }: { cidr?: string; label?: string; group?: string; port?: number },
): AddressEdit {
  const at = editable(stack);
  const meant = listAddresses(stack).filter(
    (each) =>
      (cidr === undefined || (cidrOf(each.cidr) ?? each.cidr) === cidr) &&
      (label === undefined || each.label === label) &&
      (group === undefined || each.group === group) &&
      (port === undefined || each.ports === String(port)),
  );
  const what = [cidr, label].filter((each) => each !== undefined).join(" ");
  if (meant.length === 0)
    throw refusal(
      stack,
      "address.not-allowed",
      `${stack.name} has no rule for ${what}.`,
      "reconcile list-ips shows those that there are",
    );
  const inline = meant.find((each) => each.rule === undefined);
  if (inline) {
    const message = `The rule for ${inline.cidr} stands in the group ${inline.group}.`;
    throw refusal(stack, "address.in-group", message, "take it out there, by hand", inline.place);
  }
  let text = at.source.text;
  // From the last one: what stands before it stays where it is.
  for (const { rule = "", cidr, place } of [...meant].reverse()) {
    const range = at.ranges.get(rule);
    if (!range) {
      const message = `The rule for ${cidr}, ${rule}, is not written in ${at.source.path} itself.`;
      throw refusal(stack, "address.template", message, "change the loop or the nested template that makes it", place);
    }
    text = withoutRange(text, range, at.ranges);
  }
  return checked(
    stack,
    at,
    text,
    meant.map((each) => `${each.label || each.rule}: ${each.cidr} is no longer allowed`),
  );
}

function untilOf({ expires }: Pick<AllowedAddress, "expires">): string {
  return expires === undefined ? "" : ` (until ${expires})`;
}

function editable(stack: Stack): ResourceText {
  const { source } = stack.template;
  const at = findResources(source);
  if (!at) throw new DiagnosticError(notEditable(source));
  return at;
}

function groupOf(stack: Stack, named: string | undefined): string {
  const { template } = stack;
  const groups = [...template.resources.values()]
    .filter(({ type }) => type === groupType)
    .map((each) => each.logicalId);
  const [only, ...others] = groups;
  const found = named === undefined && others.length === 0 ? only : groups.find((each) => each === named);
  if (found !== undefined) return found;
  const message =
    named === undefined
      ? `${stack.name} has ${groups.length === 0 ? "no security group" : `the security groups ${groups.join(", ")}`}.`
      : `${stack.name} has no security group "${named}".`;
  throw refusal(
    stack,
    "address.group",
    message,
    groups.length === 0 ? "name another stack with --stack" : `name one with --group: ${groups.join(", ")}`,
  );
}

function refusal(
  stack: Stack,
  code: string,
  message: string,
  remedy: string,
  place: Place = stack.place,
): DiagnosticError {
  return new DiagnosticError({ code, severity: "error", message, remedy, place });
}

/** `AllowHomeOn22`. */
function ruleIdOf({ label, port }: Pick<AddressWish, "label" | "port">): string {
  const words = label.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return `Allow${name}On${port}`;
}

function linesOf(group: string, { cidr, port, label, expires }: Omit<AddressWish, "group">): Line[] {
  const until: Line[] =
    expires === undefined
      ? []
      : [
          [1, "Metadata:"],
          [2, `Reconcile: { expires: ${expires} }`],
        ];
  return [
    [1, `Type: ${ruleType}`],
    ...until,
    [1, "Properties:"],
    [2, `GroupId: !GetAtt ${group}.GroupId`],
    [2, "IpProtocol: tcp"],
    [2, `FromPort: ${port}`],
    [2, `ToPort: ${port}`],
    [2, cidr.includes(":") ? `CidrIpv6: "${cidr}"` : `CidrIp: ${cidr}`],
    [2, `Description: ${JSON.stringify(label)}`],
  ];
}

/** Is it as it was written here? */
function isOurs(at: ResourceText, { rule = "", group, cidr, ports, label, expires }: AllowedAddress): boolean {
  const wish = { cidr, port: Number(ports), label, ...(expires !== undefined && { expires }) };
  return writeResource(at, rule, linesOf(group, wish)) === at.source.text;
}

/** No edit may break a template. */
function checked(stack: Stack, at: ResourceText, text: string, done: readonly string[]): AddressEdit {
  const { value: template, diagnostics } = parseTemplate({ ...at.source, text });
  const problems = template ? [...diagnostics, ...problemsIn({ ...stack, template })] : diagnostics;
  if (!template || hasErrors(problems)) throw new DiagnosticError(errorsIn(problems));
  return { file: at.source.path, text, done };
}

/** What else may have referred to what is gone. */
function problemsIn(stack: Stack): Diagnostic[] {
  const { template } = stack;
  const environment = environmentOf(stack);
  return [
    ...[...template.resources.keys()].flatMap((id) => evaluateResource(template, id, environment).diagnostics),
    ...[...template.outputs.keys()].flatMap((name) => evaluateOutput(template, name, environment).diagnostics),
  ];
}
