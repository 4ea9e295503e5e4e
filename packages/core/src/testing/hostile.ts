// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.

/** Files that somebody made to do harm. */
export interface HostileFiles {
  name: string;
  files(): Readonly<Record<string, string>>;
  /** Codes of what has to be said about them; none: there is no error, however odd they are. */
  says: readonly string[];
}

const sound = "Resources:\n  A: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: hello } }\n";

function template(text: () => string, ...says: readonly string[]): Omit<HostileFiles, "name"> {
  return { files: () => ({ "template.yaml": text() }), says };
}

function stackFile(lines: () => string, ...says: readonly string[]): Omit<HostileFiles, "name"> {
  return {
    files: () => ({ "stack.yaml": `template-file-path: templates/t.yaml\n${lines()}\n`, "templates/t.yaml": sound }),
    says,
  };
}

function project(lines: () => string, ...says: readonly string[]): Omit<HostileFiles, "name"> {
  return { files: () => ({ "reconcile.yaml": `${lines()}\n`, "template.yaml": sound }), says };
}

const value = (text: string) =>
  `Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Type: String\n      Value: ${text}\n`;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const inside = (count: number, open: string, middle: string, close: string) =>
  open.repeat(count) + middle + close.repeat(count);

/** Every name that an object has by itself. */
const inherited = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

function bomb(levels: number): string {
  const names = times(levels, (index) => `v${index}`);
  return names
    .map(
      (name, index) =>
        `  ${name}: &${name} [${times(10, () => (index === 0 ? "x" : `*${names[index - 1]}`)).join(", ")}]`,
    )
    .join("\n");
}

function loops(depth: number, body: string): string {
  const lines = times(depth, (level) => {
    const indent = "  ".repeat(level + 1);
    return `${indent}Fn::ForEach::L${level}:\n${indent}- V${level}\n${indent}- [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n${indent}-`;
  });
  return `Transform: AWS::LanguageExtensions\nResources:\n${lines.join("\n")}\n${"  ".repeat(depth + 1)}${body}\n`;
}

function nested(names: readonly string[]): string {
  const resources = names.map(
    (name, index) => `  N${index}: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${name} } }`,
  );
  return `Resources:\n${resources.join("\n")}\n`;
}

const cases: Readonly<Record<string, Omit<HostileFiles, "name">>> = {
  // YAML
  "aliases that explode": template(() => `Metadata:\n${bomb(30)}\n${sound}`, "yaml.aliases"),
  "an alias in itself": template(() => `Metadata: &a { b: *a }\n${sound}`, "yaml.alias"),
  "70,000 aliases": template(() => `Metadata:\n  a: &a x\n  b: [${"*a, ".repeat(70_000)}]\n${sound}`),
  "100,000 aliases": template(() => `Metadata:\n  a: &a x\n  b: [${"*a, ".repeat(100_000)}]\n${sound}`, "yaml.size"),
  "100,000 lists in one another": template(() => value(inside(100_000, "[", "", "]")), "yaml.depth"),
  "100,000 lists that do not end": template(() => value("[".repeat(100_000)), "yaml.depth"),
  "100,000 maps in one another": template(() => value(inside(100_000, "{a: ", "1", "}")), "yaml.depth"),
  "100,000 maps of JSON": template(() => inside(100_000, '{"Resources":', "1", "}"), "yaml.depth"),
  "100,000 lists of a block": template(() => value(`\n        ${"- ".repeat(100_000)}x`), "yaml.depth"),
  "700,000 maps of a line": template(() => value("a: ".repeat(700_000)), "yaml.depth"),
  "2,000 maps of a block": template(
    () => value(times(2000, (index) => `\n${" ".repeat(8 + index)}a:`).join("")),
    "yaml.depth",
  ),
  "100,000 explicit keys": template(() => "? ".repeat(100_000), "yaml.depth"),
  "100,000 quotes": template(() => '"'.repeat(100_001), "yaml.syntax"),
  "a million keys": template(
    () => `Metadata:\n${times(1_000_000, (index) => `  k${index}: 1\n`).join("")}${sound}`,
    "file.too-large",
  ),
  "a million elements": template(() => `Metadata: { a: [${"1,".repeat(1_000_000)}] }\n${sound}`, "yaml.size"),
  "a million duplicate keys": template(() => "A: 1\n".repeat(1_000_000), "file.too-large"),
  "19,000 duplicate keys": template(() => `Metadata:\n${"  a: 1\n".repeat(19_000)}${sound}`, "yaml.duplicate-key"),
  "a text of 3 MB": template(() => value(`"${"x".repeat(2_900_000)}"`)),
  "a block of text of 3 MB": template(() => value(`|\n${`        ${"x".repeat(90)}\n`.repeat(29_000)}`), "yaml.size"),
  "a comment of 3 MB": template(() => `#${"x".repeat(2_900_000)}\n${sound}`),
  "a key of 3 MB": template(() => `${"k".repeat(2_900_000)}: 1\n${sound}`, "yaml.syntax"),
  "3 MB of spaces": template(() => " ".repeat(2_900_000), "stack.none"),
  "2 MB of spaces in a line that is no key": template(() => `a${" ".repeat(2_000_000)}b\n${sound}x: [`, "yaml.syntax"),
  "a million quotes behind backslashes": template(() => `${sound}x: [ ${'\\"'.repeat(1_000_000)}\n`, "yaml.syntax"),
  "a million empty lines": template(() => "\n".repeat(1_000_000) + sound, "yaml.size"),
  "700,000 documents": template(() => "---\n".repeat(700_000), "yaml.size"),
  "100,000 tags": template(() => value("!a ".repeat(100_000)), "yaml.syntax", "yaml.tag"),
  "60,000 anchors": template(() => `Metadata: [${times(60_000, (index) => `&a${index} x`).join(", ")}]\n${sound}`),
  "a merge key": template(() => `Metadata:\n  a: &a { b: 1 }\n  c: { <<: *a }\n${sound}`, "yaml.merge-key"),
  "an octet that is no text": template(() => value('"a\0b"')),
  "NUL bytes": template(() => "\0".repeat(100_000), "stack.none"),
  "a byte order mark and CRLF": template(() => `\uFEFF${sound.replaceAll("\n", "\r\n")}`),
  "lone halves of characters": template(() => value('"\\ud800"')),
  "huge numbers": template(() => value(`1${"0".repeat(100_000)}`)),
  "numbers beyond all": template(
    () => `Parameters: { N: { Type: Number, Default: 1e999999999, MaxValue: 1e400 } }\n${value("!Ref N")}`,
    "template.form",
  ),
  // Names that objects have
  ...Object.fromEntries(
    inherited.map((name) => [
      `${name} everywhere`,
      {
        files: () => ({
          "reconcile.yaml": `project: p\n${name}: 1\ndefaults: { ${name}: 1, tags: { ${name}: 1 } }\nguards: { ${name}: 1 }\nchecks: { ${name}: off }\n`,
          "stack.yaml": `template-file-path: templates/t.yaml\n${name}: 1\ntags: { ${name}: 1 }\nparameters: { ${name}: { ${name}: 1 } }\ndepends-on: [${name}]\nchecks: [{ name: ${name}, ${name}: 1 }]\n`,
          "templates/t.yaml": [
            `${name}: 1`,
            `Parameters: { ${name}: { Type: String }, P: { Type: String, ${name}: 1, Default: x } }`,
            `Mappings: { ${name}: { ${name}: { ${name}: 1 } } }`,
            `Conditions: { ${name}: !Equals [!FindInMap [${name}, ${name}, ${name}], 1], C: !Condition ${name} }`,
            `Rules: { ${name}: { ${name}: 1 } }`,
            "Resources:",
            `  ${name}: { Type: ${name} }`,
            `  A: { Type: AWS::SSM::Parameter, ${name}: 1, DependsOn: ${name}, Condition: ${name}, Metadata: { Reconcile: { ${name}: 1, ignore: [/${name}] } }, Properties: { ${name}: 1, Type: String, Value: !GetAtt A.${name}, Tags: { ${name}: 1 } } }`,
            `  B: { Type: AWS::SSM::Parameter, Properties: { Type: ${name}, Value: !Sub "\${${name}} \${A.${name}} \${P.${name}}" } }`,
            `  C: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: x, SecurityGroupIngress: [{ ${name}: 1 }], Tags: [{ Key: ${name}, ${name}: 1 }] } }`,
            `Outputs: { ${name}: { Value: !Ref ${name}, ${name}: 1 }, O: { Value: { ${name}: 1, "Fn::${name}": 1 } } }`,
            "",
          ].join("\n"),
        }),
        says: ["property.unknown"],
      },
    ]),
  ),
  // What grows
  "Fn::Sub of Fn::Sub": template(
    () => value(times(60, () => 0).reduce((text) => `{ "Fn::Sub": ["\${a}\${a}", { a: ${text} }] }`, "x")),
    "function.size",
  ),
  "Fn::Join of Fn::Join": template(() =>
    value(
      times(60, () => 0).reduce((text) => `{ "Fn::Join": ["${"-".repeat(100)}", [${text}, ${"x".repeat(100)}]] }`, "x"),
    ),
  ),
  "a mapping of lists, joined without end": template(
    () =>
      `Parameters: { L: { Type: CommaDelimitedList, Default: "${"x,".repeat(50_000)}" } }\n${value(`!Sub ["${"${a}".repeat(10_000)}", { a: !Join ["", !Ref L] }]`)}`,
    "function.size",
  ),
  "10,000 variables of a parameter of 4 KB": template(
    () =>
      `Parameters: { P: { Type: String, Default: "${"x".repeat(4096)}" } }\n${value(`!Sub "${"${P}".repeat(10_000)}"`)}`,
    "function.size",
  ),
  "loops in loops": template(
    () => loops(12, "R${V0}${V11}: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: x } }"),
    "expansion.limit",
  ),
  "loops that produce the same name": template(
    () => loops(5, "R: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: x } }"),
    "loop.duplicate",
  ),
  "a loop over a loop's body of 1 MB": template(
    () =>
      `Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n  - V\n  - [${times(1000, String).join(", ")}]\n  - R\${V}: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: "\${V}${"x".repeat(1_000_000)}" } }\n`,
    "expansion.limit",
  ),
  "2,000 calls of Fn::Cidr": template(
    () =>
      `Outputs:\n${times(2000, (index) => `  O${index}: { Value: !Join [",", !Cidr [10.0.0.0/8, 256, 8]] }\n`).join("")}${sound}`,
  ),
  "Fn::Cidr of numbers beyond all": template(
    () => value("!Select [0, !Cidr [10.0.0.0/8, 1e300, 99999999999999999999]]"),
    "cidr.range",
  ),
  "Fn::Select of a huge index": template(() => value(`!Select [${"9".repeat(400)}, [a]]`), "select.range"),
  "Fn::Split of a million pieces": template(
    () => value(`!Join ["", !Split [x, "${"x".repeat(1_000_000)}"]]`),
    "function.size",
  ),
  "150 Fn::If in one another": template(
    () => `Conditions: { C: !Equals [a, a] }\n${value(inside(150, "!If [C, ", "x", ", y]"))}`,
  ),
  "100,000 Fn::If in one another": template(
    () => `Conditions: { C: !Equals [a, a] }\n${value(inside(100_000, "!If [C, ", "x", ", y]"))}`,
    "yaml.depth",
  ),
  "a chain of 1,999 conditions": template(
    () =>
      `Conditions:\n${times(1999, (index) => `  C${index}: !Not [!Condition C${index + 1}]\n`).join("")}  C1999: !Equals [a, a]\n${sound}`,
    "condition.depth",
  ),
  "conditions that all name all others": template(
    () =>
      `Conditions:\n${times(300, (index) => `  C${index}: !Or [${times(9, (other) => `!Condition C${(index * 7 + other * 31 + 1) % 300}`).join(", ")}]\n`).join("")}${sound}`,
    "condition.cycle",
  ),
  "70,000 resources": template(
    () => `Resources:\n${times(70_000, (index) => `  R${index}: { Type: AWS::SSM::Parameter }\n`).join("")}`,
    "yaml.size",
  ),
  "10,000 outputs": template(
    () => `${sound}Outputs:\n${times(10_000, (index) => `  O${index}: { Value: x }\n`).join("")}`,
    "yaml.size",
  ),
  "a script that leaves 2,000 brackets open": template(() =>
    value(`|\n${"        if [ x; then f() {\n".repeat(1000)}`),
  ),
  "140,000 duplicate keys": template(() => `Metadata:\n${"  a: 1\n".repeat(140_000)}${sound}`, "yaml.size"),
  "a circle of 5,000 resources": template(
    () =>
      `Resources:\n${times(5_000, (index) => `  R${index}: { Type: AWS::SSM::Parameter, DependsOn: R${(index + 1) % 5_000}, Properties: { Type: String, Value: x } }\n`).join("")}`,
    "ref.cycle",
  ),
  "a chain of 5,000 resources": template(
    () =>
      `Resources:\n${times(5_000, (index) => `  R${index}: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: ${index === 0 ? "x" : `!Ref R${index - 1}`} } }\n`).join("")}`,
  ),
  "300 resources that depend on all others": template(
    () =>
      `Resources:\n${times(300, (index) => `  R${index}: { Type: AWS::SSM::Parameter, DependsOn: [${times(300, (other) => `R${other}`).join(", ")}], Properties: { Type: String, Value: x } }\n`).join("")}`,
    "depends-on.itself",
    "ref.cycle",
  ),
  "5,000 misspelt references": template(
    () =>
      `Resources:\n${times(5_000, (index) => `  Resource${index}: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Resorce${index}x } }\n`).join("")}`,
    "ref.undefined",
  ),
  "a pattern that backtracks for ever": template(
    () =>
      `Parameters: { P: { Type: String, Default: "${"a".repeat(5000)}!", AllowedPattern: "(a|a)*(a+)+$" } }\n${value("!Ref P")}`,
    "parameter.pattern",
  ),
  "a pattern of 1 MB": template(
    () =>
      `Parameters: { P: { Type: String, Default: aa, AllowedPattern: "${"(a?){9}".repeat(100_000)}" } }\n${value("!Ref P")}`,
    "parameter.pattern-unchecked",
  ),
  "a pattern that repeats repetitions": template(
    () =>
      `Parameters: { P: { Type: String, Default: "${"a".repeat(4000)}", AllowedPattern: "((((a{0,100}){0,100}){0,100}){0,100}){0,100}b" } }\n${value("!Ref P")}`,
  ),
  "60,000 allowed values": template(
    () =>
      `Parameters: { P: { Type: String, Default: x, AllowedValues: [${times(60_000, (index) => `value${index}`).join(", ")}] } }\n${value("!Ref P")}`,
    "parameter.allowed-values",
  ),
  "dynamic references without end": template(() => value(`"${"{{resolve:ssm:/a}}".repeat(50_000)}"`)),
  "100,000 levels of JSON in a text": template(
    () =>
      `Resources:\n  A: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: '{"Statement":${inside(100_000, '{"a":', "1", "}")}}' } }\n`,
    "property.type",
  ),
  "a silencer of 1 MB": template(
    () => `${sound.trimEnd()} # reconcile-ignore ${"storage.unencrypted, ".repeat(50_000)}: x\n`,
  ),
  // Nested stacks
  "nested stacks that double": {
    files: () => ({
      "template.yaml": nested(["nested/t0.yaml", "nested/t0.yaml"]),
      ...Object.fromEntries(
        times(30, (index) => [
          `nested/t${index}.yaml`,
          index === 29 ? sound : nested([`t${index + 1}.yaml`, `t${index + 1}.yaml`]),
        ]),
      ),
    }),
    says: ["nested.size"],
  },
  "nested stacks in a circle": {
    files: () => ({
      "template.yaml": nested(["nested/a.yaml"]),
      "nested/a.yaml": nested(["b.yaml"]),
      "nested/b.yaml": nested(["a.yaml"]),
    }),
    says: ["nested.cycle"],
  },
  "5,000 nested stacks in one another": {
    files: () => ({
      "template.yaml": nested(["nested/t0.yaml"]),
      ...Object.fromEntries(
        times(5000, (index) => [`nested/t${index}.yaml`, index === 4999 ? sound : nested([`t${index + 1}.yaml`])]),
      ),
    }),
    says: ["nested.size"],
  },
  "paths that leave the repository": {
    files: () => ({
      "template.yaml": nested([
        "../../etc/passwd",
        "/etc/passwd",
        "a/../../../etc/passwd",
        "file:///etc/passwd",
        '"a\\0b"',
        "C:\\\\x",
      ]),
      "stack.yaml": "template-file-path: ../../../../etc/passwd\n",
      "other.yaml": "template-file-path: /etc/passwd\n",
    }),
    says: ["file.outside", "unsupported.template-url"],
  },
  // Stack files and reconcile.yaml
  "a stack file whose template is itself": {
    files: () => ({ "stack.yaml": "template-file-path: stack.yaml\n" }),
    says: ["section.unknown"],
  },
  "a stack file with 2,000 parameters": stackFile(
    () => `parameters:\n${times(2000, (index) => `  P${index}: x`).join("\n")}`,
    "parameter.unknown",
  ),
  "a stack file with 50,000 parameters": stackFile(
    () => `parameters:\n${times(50_000, (index) => `  P${index}: x`).join("\n")}`,
    "yaml.size",
  ),
  "a stack file with aliases that explode": stackFile(() => `tags:\n${bomb(30)}`, "yaml.aliases"),
  "a stack file that depends on 50,000 stacks": stackFile(
    () => `depends-on: [${times(50_000, (index) => `s${index}`).join(", ")}]`,
  ),
  "19,000 checks": stackFile(
    () => `checks:\n${times(19_000, (index) => `- { name: c${index} }`).join("\n")}`,
    "check.count",
  ),
  "checks that nest functions": stackFile(
    () =>
      `checks: [{ name: a, http: { url: ${times(60, () => 0).reduce((text) => `{ "Fn::Sub": ["\${a}\${a}", { a: ${text} }] }`, "x")} } }]`,
    "function.size",
  ),
  "a check with a pattern that backtracks for ever": stackFile(
    () => `checks: [{ name: a, http: { url: "http://localhost", matches: "(a|a)*(a+)+$" } }]`,
  ),
  "a reconcile.yaml of 100,000 levels": project(
    () => `defaults: ${inside(100_000, "{tags: ", "1", "}")}`,
    "yaml.depth",
  ),
  "a reconcile.yaml with 2,000 checks": project(
    () => `checks:\n${times(2000, (index) => `  storage.unencrypted${index}: off`).join("\n")}`,
    "project.unknown-check",
  ),
  "a reconcile.yaml with 50,000 checks": project(
    () => `checks:\n${times(50_000, (index) => `  storage.unencrypted${index}: off`).join("\n")}`,
    "yaml.size",
  ),
  "a reconcile.yaml that is a list": project(() => "[1, 2]", "project.form"),
};

export const hostileFiles: readonly HostileFiles[] = Object.entries(cases).map(([name, each]) => ({ name, ...each }));
