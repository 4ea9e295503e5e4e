import type { RunningCall } from "./call.ts";
import { hasCode } from "./errors.ts";
import { type Failure, isUnanswered, neverSent } from "./failures.ts";
import { isAwsHost, notImplemented } from "./web-page.ts";
import { lowerFirst, serviceMessage, withStop } from "./words.ts";

/** Who called, as far as it is known. */
export interface Caller {
  /** ARN. */
  principal?: string | undefined;
  profile?: string | undefined;
  roleArn?: string | undefined;
}

/** A failed call to AWS, with what explaining it needs. */
export interface Failed {
  error: Failure;
  call: RunningCall | undefined;
  caller: Caller;
  /** `ec2:RunInstances`. */
  what: string;
}

interface Explanation {
  code: string;
  message: string;
  remedy: string;
}

/** The first that has something to say explains the error. */
export const explanations: readonly ((failure: Failed) => Explanation | undefined)[] = [
  notImplementedThere,
  credentialsMissing,
  credentialsExpired,
  clockWrong,
  credentialsInvalid,
  accessDenied,
  inUse,
  throttled,
  unreachable,
  unanswered,
  unreadable,
];

function notImplementedThere({ error, call, what }: Failed): Explanation | undefined {
  if (error.name !== notImplemented) return undefined;
  return {
    code: "aws.not-implemented",
    message: `The sandbox at ${call?.endpoint ?? "the endpoint"} does not implement ${what} as it was asked: ${withStop(lowerFirst(error.message))}`,
    remedy: "Leave out in the sandbox what needs it, or run against AWS.",
  };
}

function credentialsMissing({ error, caller }: Failed): Explanation | undefined {
  if (error.name !== "CredentialsProviderError" && error.name !== "TokenProviderError") return undefined;
  if (/expired|sso login|refresh/i.test(error.message)) return expired(caller, error.message);
  return {
    code: "aws.credentials-missing",
    message: `There are no AWS credentials${ofProfile(caller)}: ${serviceMessage(error)}`,
    remedy: caller.profile
      ? `Check the profile with \`aws configure list --profile ${caller.profile}\`, or log in: \`aws sso login --profile ${caller.profile}\`.`
      : "Name a profile with --profile, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`.",
  };
}

function credentialsExpired({ error, caller }: Failed): Explanation | undefined {
  return hasCode(error, "ExpiredToken", "TokenRefreshRequired") ? expired(caller, "") : undefined;
}

function expired(caller: Caller, detail: string): Explanation {
  const { profile } = caller;
  const sso = /sso/i.test(detail);
  return {
    code: "aws.credentials-expired",
    message: `The AWS ${sso ? "SSO session" : "credentials"}${ofProfile(caller)} ${sso ? "has" : "have"} expired.`,
    remedy: profile
      ? `Log in again with \`aws sso login --profile ${profile}\`, or renew the profile's keys.`
      : "Renew the keys in the environment, or log in again with `aws sso login`; in CI, take new credentials in this job.",
  };
}

function clockWrong({ error }: Failed): Explanation | undefined {
  const late = /signature (?:expired|not yet current)/i.test(error.message);
  if (!late && !hasCode(error, "RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed")) return undefined;
  return {
    code: "aws.clock-skew",
    message: "AWS refused the request because this machine's clock is wrong.",
    remedy: "Set the clock (NTP) and run again.",
  };
}

function credentialsInvalid({ error, call, caller }: Failed): Explanation | undefined {
  const codes = [
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidIdentityToken",
    "InvalidSignature",
    "OptInRequired",
    "SignatureDoesNotMatch",
    "UnrecognizedClient",
  ];
  // EC2 says AuthFailure for this, and also where an address belongs to somebody else.
  const validate = hasCode(error, "AuthFailure") && /credentials/i.test(error.message);
  if (!validate && !hasCode(error, ...codes)) return undefined;
  return {
    code: "aws.credentials-invalid",
    message: `AWS does not accept the credentials${ofProfile(caller)}${placeOf(call)}: ${serviceMessage(error)}`,
    remedy: `Check which ones are used with \`aws sts get-caller-identity${caller.profile ? ` --profile ${caller.profile}` : ""}\`, log in again, and see that the account has enabled this region.`,
  };
}

const denials = ["AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError"];

function accessDenied({ error, call, caller, what }: Failed): Explanation | undefined {
  // An emulator that enforces policies may deny in a format that is not the service's own.
  const bare = error.$metadata?.httpStatusCode === 403 && /^(?:SyntaxError|Error|Unknown\w*)$/.test(error.name);
  if (!bare && !hasCode(error, ...denials)) return undefined;
  const said = /User: (\S+) is not authorized to perform: ([\w-]+:\w+)/.exec(error.message);
  const reason = / because (.*?)\.?(?: Encoded authorization failure|$)/s.exec(error.message)?.[1];
  const action = said?.[2] ?? what;
  const principal = said?.[1] ?? caller.principal ?? "this caller";
  return {
    code: "aws.access-denied",
    message: `${action} was denied to ${principal}${placeOf(call)}${reason ? `: ${reason}` : ""}.`,
    remedy: denialRemedy(action, principal, reason ?? "", caller),
  };
}

function denialRemedy(action: string, principal: string, reason: string, caller: Caller): string {
  if (/explicit deny/.test(reason))
    return `An explicit deny wins over every allow: change the policy that denies ${action}, or run as another principal.`;
  if (action === "sts:AssumeRole" && caller.roleArn) {
    return `Allow ${principal} to assume ${caller.roleArn}, in the role's trust policy and in its own policy; or correct \`role-arn\`.`;
  }
  return `Allow ${action} to ${principal}, or run as a principal that has it (--profile, \`role-arn\`).`;
}

/** Something else holds on to what is to go: another stack's, or somebody's. */
function inUse({ error, call, what }: Failed): Explanation | undefined {
  const takesAway = /^(?:Delete|Release|Deregister|Detach|Disassociate|Remove|Terminate)/.test(call?.operation ?? "");
  if (!takesAway || !/(?:DependencyViolation|DeleteConflict|InUse)(?:Exception|Fault)?$/.test(error.name))
    return undefined;
  return {
    code: "aws.in-use",
    message: `${what} was refused${placeOf(call)}, because it is still used: ${serviceMessage(error)}`,
    remedy: "What uses it has to let go of it first: another stack of the project, or somebody else. Run again then.",
  };
}

function throttled({ error, call, what }: Failed): Explanation | undefined {
  if (call?.failure !== "THROTTLING") return undefined;
  const waited = Math.round(call.waited.throttling / 1000);
  return {
    code: "aws.throttled",
    message: `${what} was refused ${call.throttled} times${placeOf(call)} because of too many requests (${error.name}); ${waited} s were waited in between.`,
    remedy: "Run again later, or with a lower --parallelism; AWS raises some of these limits on request.",
  };
}

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no host of this name",
  EAI_AGAIN: "its name cannot be resolved now",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  ETIMEDOUT: "it does not answer in time",
};

function unreachable({ error, call }: Failed): Explanation | undefined {
  const isWrite = call?.mutating === true && !neverSent(error);
  const code = typeof error.code === "string" ? error.code : error.name === "TimeoutError" ? "ETIMEDOUT" : undefined;
  if (isWrite || code === undefined || error.$metadata?.httpStatusCode !== undefined) return undefined;
  const endpoint = call?.endpoint ?? "AWS";
  const own = call?.endpoint !== undefined && isAwsHost(new URL(call.endpoint).hostname);
  return {
    code: "aws.unreachable",
    message: `${endpoint} cannot be reached: ${networkReasons[code] ?? lowerFirst(serviceMessage(error)).replace(/\.$/, "")} (${code}).`,
    remedy: own
      ? `Check the network and its proxy, and that "${call?.region}" is a region of AWS.`
      : "Start what should answer there, or correct --endpoint-url or AWS_ENDPOINT_URL.",
  };
}

/** A write without an answer: it may have happened. */
function unanswered({ error, call, what }: Failed): Explanation | undefined {
  if (!isUnanswered(error)) return undefined;
  const status = error.$metadata?.httpStatusCode;
  const reason = status ? `HTTP ${status}` : typeof error.code === "string" ? error.code : error.name;
  return {
    code: "aws.no-answer",
    message: `${what} was sent${placeOf(call)}, but AWS's answer is missing (${reason}): it may have happened or not.`,
    remedy: "Run again: what is there now is read first, and nothing is made twice.",
  };
}

/** Something between us and AWS answers in its own words: a proxy, a login page of a network. */
function unreadable({ error, call, what }: Failed): Explanation | undefined {
  if (error.name !== "SyntaxError" && !/Deserialization error/.test(error.message)) return undefined;
  return {
    code: "aws.unreadable-answer",
    message: `The answer to ${what} from ${call?.endpoint ?? "AWS"} is not AWS's (HTTP ${error.$metadata?.httpStatusCode ?? "?"}).`,
    remedy: "Check --endpoint-url, AWS_ENDPOINT_URL and the network's proxy.",
  };
}

function ofProfile(caller: Caller): string {
  return caller.profile ? ` of the profile "${caller.profile}"` : "";
}

/** ` in us-east-1`: where a call went. */
export function placeOf(call: RunningCall | undefined): string {
  return call ? ` in ${call.region}` : "";
}
