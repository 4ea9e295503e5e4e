import { expect, test } from "vitest";
import { policyDocument } from "./policy-documents.ts";

const document = { Statement: [{ Effect: "Allow", Resource: "arn:aws:s3:::a+b/100%/ü" }] };

test.each([
  ["percent-encoded, as IAM answers", encodeURIComponent(JSON.stringify(document))],
  ["plain, as ECR answers", JSON.stringify(document)],
  ["plain with a line break before it", `\n${JSON.stringify(document, null, 2)}`],
])("a document that is %s", (_, text) => {
  expect(policyDocument(text)).toEqual(document);
});

test("what is no document is refused", () => {
  expect(() => policyDocument("nothing")).toThrow(SyntaxError);
});
