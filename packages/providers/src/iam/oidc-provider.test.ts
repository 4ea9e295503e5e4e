import { Unknown } from "@reconcile/core";
import { describe, expect, it } from "vitest";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { OIDCProvider } from "./oidc-provider.ts";

const thumbprint = (digit: string) => digit.repeat(40);
const Url = "https://token.actions.githubusercontent.com";

describeOnSandbox(OIDCProvider, {
  example: { Url, ClientIdList: ["sts.amazonaws.com"], ThumbprintList: [thumbprint("1")] },
  name: { Url },
  mutations: [
    { property: "ClientIdList", from: ["one", "two"], to: ["two", "three"] },
    { property: "ThumbprintList", from: [thumbprint("A")], to: [thumbprint("b"), thumbprint("c")], unset: "refused" },
    { property: "Tags", from: [{ Key: "Team", Value: "core" }], to: [{ Key: "Team", Value: "data" }] },
  ],
  replacements: { Url: "https://accounts.example.com/tenant" },
  budget: 6,
  skips: { "name-taken": "its URL is its name: nothing else replaces it" },
});

describe("AWS::IAM::OIDCProvider in normal form", () => {
  const live = { Url, ClientIdList: ["one", "two"], ThumbprintList: [thumbprint("a"), thumbprint("b")] };

  it.each<[string, Record<string, unknown>, string[]]>([
    ["a URL without its scheme, as IAM answers", { ...live, Url: "token.actions.githubusercontent.com" }, []],
    ["a host in capitals", { ...live, Url: "https://Token.Actions.GitHubUserContent.com" }, []],
    ["another case in the path", { ...live, Url: `${Url}/Tenant` }, ["/Url"]],
    ["client ids in another order", { ...live, ClientIdList: ["two", "one"] }, []],
    ["a client id more", { ...live, ClientIdList: ["one", "two", "three"] }, ["/ClientIdList/-"]],
    ["no client ids", { ...live, ClientIdList: undefined }, ["/ClientIdList"]],
    ["thumbprints in another order and case", { ...live, ThumbprintList: [thumbprint("B"), thumbprint("A")] }, []],
    ["no thumbprints: AWS finds them", { ...live, ThumbprintList: undefined }, []],
    [
      "another thumbprint",
      { ...live, ThumbprintList: [thumbprint("a"), thumbprint("c")] },
      ["/ThumbprintList/-", "/ThumbprintList/-"],
    ],
    ["a URL that is not known yet", { ...live, Url: new Unknown(["Issuer.Url"], "changes") }, ["/Url"]],
  ])("%s", (_, declared, paths) => {
    expect(differences(OIDCProvider, declared, live)).toEqual(paths);
  });
});
