/** A template with one resource, whose properties are these lines. */
export function resource(type: string, ...properties: readonly string[]): string {
  const body = properties.length > 0 ? ["    Properties:", ...properties.map((line) => `      ${line}`)] : [];
  return ["Resources:", "  Example:", `    Type: ${type}`, ...body, ""].join("\n");
}

/** A parameter in Parameter Store, of which one line is of interest. */
export function parameter(...properties: readonly string[]): string {
  return resource("AWS::SSM::Parameter", "Type: String", ...properties);
}

/** These sections, and below them a template that is sound. */
export function above(...lines: readonly string[]): string {
  return [...lines, parameter("Value: hello")].join("\n");
}

/** A sound template, and below it these sections. */
export function below(...lines: readonly string[]): string {
  return `${parameter("Value: hello")}${lines.join("\n")}\n`;
}

/** A stack file with these lines, and the template that it names. */
export function stackFile(lines: readonly string[], template = parameter("Value: hello")): Record<string, string> {
  return {
    "stack.yaml": `${["template-file-path: templates/hello.yaml", ...lines].join("\n")}\n`,
    "templates/hello.yaml": template,
  };
}

/** A sound template below a reconcile.yaml with these lines. */
export function project(...lines: readonly string[]): Record<string, string> {
  return { "reconcile.yaml": `${lines.join("\n")}\n`, "template.yaml": parameter("Value: hello") };
}
