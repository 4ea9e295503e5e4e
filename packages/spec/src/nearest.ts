import { distance } from "fastest-levenshtein";

/** Longer than any type name: nobody's typing error, and comparing it would only take time. */
const LONGEST = 200;

/**
 * The type that somebody most likely meant by `name`, or undefined where no type is near. Case and separators
 * ("aws.ec2.instance") do not count, and "AWS::" may be missing.
 */
export function nearestType(name: string, types: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  const wanted = normalise(name);
  const resource = lastSegment(wanted);
  const candidates = Array.from(types, (type) => ({ type, text: normalise(type) }));
  const sameResource = candidates.filter(({ text }) => lastSegment(text) === resource);
  let best: string | undefined;
  // Up to two characters in five of what follows "aws::" may be wrong; beyond that a suggestion is a guess.
  let least = Math.floor((wanted.length - "aws::".length) * 0.4) + 1;
  for (const { type, text } of candidates) {
    const cost = Math.min(
      distance(wanted, text),
      // "AWS::ECR::Repo": letters left out at the end are one mistake, not many.
      text.startsWith(wanted) && resource.length >= 3
        ? 1 + (text.length - wanted.length) / 4
        : Number.POSITIVE_INFINITY,
      // "AWS::CloudWatch::LogGroup": the right name in the wrong service, if only one service has it.
      wanted.startsWith("aws::") && sameResource.length === 1 && sameResource[0]?.type === type
        ? 3
        : Number.POSITIVE_INFINITY,
    );
    if (cost >= least) continue;
    least = cost;
    best = type;
  }
  return best;
}

function normalise(name: string): string {
  const segments = name
    .toLowerCase()
    .split(/[:./]+/)
    .map((segment) => segment.replaceAll(/[^a-z0-9]/g, ""));
  const written = segments.filter((segment) => segment !== "");
  // A custom resource has two segments of its own; Alexa is the one vendor besides AWS.
  if (["aws", "alexa", "custom"].includes(written[0] ?? "") || written.length > 2) return written.join("::");
  return ["aws", ...written].join("::");
}

function lastSegment(text: string): string {
  return text.slice(text.lastIndexOf("::") + 2);
}
