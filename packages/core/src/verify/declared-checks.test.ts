// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are CloudFormation's.
import { describe, expect, test } from "vitest";
import { createRegistry } from "../resource/registry.ts";
import { stackOf } from "../stack/harness.ts";
import { memoryTypes } from "../testing/memory-types.ts";
import { validateStacks } from "../validate/validate.ts";

const template = `
Parameters:
  Port: { Type: Number, Default: 8000 }
Resources:
  App: { Type: Memory::Server, Properties: { Image: v1, Size: 2 } }
Outputs:
  Address: { Value: !GetAtt App.Address }
  Endpoint: { Value: !Sub "\${App}:\${Port}" }
`;

/** What is wrong with a check that stands in the third line of its file. */
async function problemsOf(check: string): Promise<string[]> {
  const stack = await stackOf(`checks:\n  - { name: it, ${check} }\n`, template);
  const options = { registry: createRegistry(memoryTypes), environment: {} };
  const found = validateStacks({ stacks: [stack], diagnostics: [] }, options);
  for (const each of found)
    expect([each.place?.file, each.resource, each.remedy?.length]).toEqual([
      "s.yaml",
      "checks.it (Check)",
      expect.any(Number),
    ]);
  return found.map(({ code, message, place }) => `${place?.column} ${code}: ${message}`);
}

describe("checks are checked offline, at their place in the stack file", () => {
  test.each([
    ['http: { url: !Sub "https://${Address}:${Port}/health" }'],
    ['http: { url: !Sub "https://${App.Address}/" }, delay: 30, interval: 0.5, retries: 0, timeout: 1'],
    ["tcp: { host: !GetAtt App.Address, port: !Ref Port }"],
    ["tcp: { host: '::1', port: 22 }"],
    ["dns: { name: _dmarc.example.com., type: TXT, server: '[::1]:53' }"],
    ["dns: { name: a.test, server: '2001:db8::53' }"],
    ["tls: { host: !Ref Address, public-key: [sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=] }"],
    ["aws: { resource: App, attribute: Address, equals: !Ref Address }"],
    ["aws: { resource: App, property: /GroupIds/0, matches: '^sg-' }"],
  ])("%s: nothing is wrong", async (check) => {
    expect(await problemsOf(check)).toEqual([]);
  });

  test.each([
    ["delay: 1", "5 property.conflict: A check has exactly one of http, tcp, dns, tls, aws."],
    [
      "tcp: { host: a, port: 1 }, http: { url: http://a }",
      "5 property.conflict: A check has exactly one of http, tcp, dns, tls, aws.",
    ],
    ["htp: {}, tcp: { host: a, port: 1 }", '17 property.unknown: Check has no property "htp".'],
    ["http: { url: ftp://a }", "30 property.value: http.url is not an address of the web."],
    ["http: { url: https://me:secret@a }", "30 property.value: http.url is not an address of the web."],
    [
      "http: { url: http://a, body: x }",
      "23 property.conflict: A GET or HEAD request has no body: give the method, POST for instance.",
    ],
    ["http: { url: http://a, status: 20 }", "48 property.range"],
    [
      "http: { url: http://a, matches: '(?=a)' }",
      "49 property.value: http.matches[0] is not a regular expression that is matched in linear time.",
    ],
    [
      'http: { url: http://a, headers: { A: "x\\r\\ny" } }',
      "54 property.value: http.headers.A is not the text of a header.",
    ],
    ["http: { url: !Sub 'http://${Adress}' }", '45 ref.undefined: There is no parameter or resource "Adress".'],
    [
      "tcp: { host: '{{resolve:ssm:/host}}', port: 1 }",
      '13 check.outside-value: A check cannot read "/host" from outside by itself.',
    ],
    ["tcp: { host: a:1, port: 1 }", "30 property.value: tcp.host is not a host name or an address."],
    [
      "tcp: { host: !GetAtt App.Adress, port: 1 }",
      '38 getatt.unknown-attribute: App (Memory::Server) has no attribute "Adress".',
    ],
    ["dns: { name: a, server: dns.test }", "41 property.value: dns.server is not the address of a server."],
    ["tls: { host: a, public-key: abc }", "45 property.value: tls.public-key[0] is not the digest of a key."],
    ["aws: { resource: Ap, property: Size }", '34 ref.undefined: There is no resource "Ap".'],
    [
      "aws: { resource: App, attribute: Adress }",
      '50 getatt.unknown-attribute: App (Memory::Server) has no attribute "Adress".',
    ],
    ["aws: { resource: App, attribute: A, property: B }", 'looks at one "attribute" or at one "property".'],
    ["aws: { resource: App, property: B, equals: 1, matches: 1 }", '"equals" and "matches" do not go together.'],
    ["tcp: { host: a, port: 1 }, retries: -1", "53 property.range"],
  ])("%s: %s", async (check, problem) => {
    expect((await problemsOf(check)).join("\n")).toContain(problem);
  });
});
