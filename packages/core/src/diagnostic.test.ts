import { expect, test } from "vitest";
import { type Diagnostic, fewAlike } from "./diagnostic.ts";

const wrong = (code: string, file: string, line: number): Diagnostic => ({
  code,
  severity: "error",
  message: "This is wrong.",
  remedy: "Mend it.",
  place: { file, line, column: 1 },
});
const lines = (count: number, code: string, file: string) =>
  Array.from({ length: count }, (_, index) => wrong(code, file, index + 1));

test("of very many of one kind in one file the first are shown, with how many there are more", () => {
  const many = [...lines(3500, "a.b", "x.yaml"), ...lines(1000, "a.b", "y.yaml"), ...lines(2, "a.c", "x.yaml")];
  const few = fewAlike(many);
  expect(few).toHaveLength(2002);
  expect(few.filter(({ message }) => message !== "This is wrong.")).toEqual([
    { ...wrong("a.b", "x.yaml", 1000), message: "This is wrong. There are 2,500 more like it in this file." },
  ]);
});
