import { isScalar } from "yaml";
import { type Pointer, pointer, valueAt } from "../../pointer.ts";
import type { ParameterDeclaration } from "../../template/model.ts";
import { isRecord, type Properties, type Value } from "../../value.ts";
import type { Finding, Review, Reviewed, ReviewedStack } from "./model.ts";

// The values that these reviews find are in none of their messages, and what shows source lines blots them out (`hidesItsPlace`).

export const literalSecret: Review = {
  id: "secret.literal",
  severity: "warning",
  title: "A secret is written out",
  about:
    "The value of a password, token or key stands in the template, or comes from a parameter that is not NoEcho. Everybody who can read the repository, the stack or its history has it then, and it is hard to change.",
  remedy:
    "Read it where it is needed: {{resolve:secretsmanager:name:SecretString:key}} or {{resolve:ssm-secure:name}}; or pass it in a parameter with NoEcho: true. Then change the secret: this one is known.",
  resource: { look: literals },
};

export const leakedKey: Review = {
  id: "secret.key",
  severity: "warning",
  title: "An access key or private key is in the template",
  about:
    "A text has the form of an AWS access key, of a token of GitHub or Slack, or of a private key, wherever it stands, comments included. Such keys are found by machines within minutes of being published.",
  remedy: "Revoke it now, then remove it from the template and from the history of the repository.",
  stack: keys,
};

export const openParameter: Review = {
  id: "secret.parameter",
  severity: "warning",
  title: "A parameter that holds a secret is not NoEcho",
  about:
    "By its name a parameter holds a password, token or key, and it is not NoEcho: its value is shown by whatever shows the stack, and a Default stands in the repository.",
  remedy: "Add NoEcho: true and remove the Default, or read the secret with a dynamic reference.",
  stack: ({ template }) => [...template.parameters.values()].flatMap(openSecret),
};

/** Properties of AWS's types, and variables that programs read. */
const secretNames =
  /(^|[a-z])(Password|SecretString|AuthToken|O[Aa]uthToken|AccessToken|ClientSecret|SecretAccessKey|PrivateKey|ApiKey)$|(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY)$|^(client_secret|api_key|access_token|auth_token)$/;

function literals({ properties, secrets }: Reviewed): Finding[] {
  const paths = [...secretPlaces(properties, ""), ...secrets.filter((path) => isLiteral(valueAt(properties, path)))];
  return [...new Set(paths)].map((path) => ({
    at: path,
    message: "This secret is written out where everybody can read it.",
  }));
}

function secretPlaces(value: Value, at: Pointer): Pointer[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => secretPlaces(item, at + pointer(index)));
  if (!isRecord(value)) return [];
  const record = value as Properties;
  // Variables of a container: a list of names and values. CodeBuild's may say that the value is where the secret is kept.
  const named = typeof record.Name === "string" && secretNames.test(record.Name);
  const isAddress = record.Type === "SECRETS_MANAGER" || record.Type === "PARAMETER_STORE";
  const variable = named && !isAddress && isLiteral(record.Value);
  const below = Object.entries(record).flatMap(([key, part]) => {
    if (secretNames.test(key) && isLiteral(part)) return [at + pointer(key)];
    return typeof part === "object" ? secretPlaces(part, at + pointer(key)) : [];
  });
  return variable ? [at + pointer("Value"), ...below] : below;
}

/** A text that may be the secret itself: not where it is kept, nor a switch. */
function isLiteral(value: unknown): boolean {
  return (
    typeof value === "string" &&
    value.length > 2 &&
    !/^(arn:|\{\{resolve:|(true|false|none|seconds|minutes|hours|days)$|\$\{)/i.test(value)
  );
}

/** AWS's documentation has examples of keys, which say so. */
const forms: readonly (readonly [what: string, form: RegExp])[] = [
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g],
  ["a private key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g],
  ["a token of GitHub's", /\bgh[pousr]_[A-Za-z0-9]{36,}\b/g],
  ["a token of Slack's", /\bxox[abprs]-[A-Za-z0-9-]{20,}/g],
];

function keys({ template }: ReviewedStack): Finding[] {
  const { text } = template.source;
  return forms.flatMap(([what, form]) =>
    [...text.matchAll(form)]
      .filter(([found]) => !found.includes("EXAMPLE"))
      .map(({ index, 0: found }) => ({
        at: template.placeAt(index, index + found.length),
        message: `This has the form of ${what}.`,
      })),
  );
}

const secretParameter = /(Password|Passwd|Secret|SecretKey|AuthToken|AccessToken|OAuthToken|ApiKey|PrivateKey)$/;

/** What is chosen from a list is no secret; nor is an address of one. */
function openSecret(parameter: ParameterDeclaration): Finding[] {
  const { name, type, noEcho, allowedValues, place } = parameter;
  if (noEcho || type !== "String" || allowedValues || !secretParameter.test(name)) return [];
  const hasDefault = isScalar(parameter.default) && parameter.default.value !== "";
  const message = `The parameter "${name}" is not NoEcho${hasDefault ? ", and its Default can be read by everybody" : ""}.`;
  return [{ at: place, message }];
}
