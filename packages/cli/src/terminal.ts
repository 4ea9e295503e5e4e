import type { filters } from "@reconcile/core";

/** Where a run speaks: the only way to the process's streams. Everything passes the redactor. */
export interface Terminal {
  /** The result of the command, with a newline. */
  out(text: string): void;
  /** A document for programs, on one line or indented, with a newline. Filtered value by value, so that it stays a document whatever the secrets are. */
  json(document: unknown, layout?: JsonLayout): void;
  /** The same for a file. */
  jsonText(document: unknown, layout?: JsonLayout): string;
  /** Progress and problems, with a newline. */
  err(text: string): void;
  /** How to render for each of them. */
  readonly outStyle: Style;
  readonly errStyle: Style;
  /** Somebody is there to be asked. */
  readonly interactive: boolean;
  /** Lines on stderr can be redrawn. */
  readonly live: boolean;
  /** On a terminal, a line that says what takes a while, when it does; gives what takes it away. */
  waiting(text: string): () => void;
  /** While lines of stderr are redrawn, what is said there goes above them; gives what ends that. */
  redrawing(above: (text: string) => void): () => void;
  /** From now on these never reach a sink. (What hides them comes with them, so that wrong usage and --help need not load it.) */
  hide(secrets: Iterable<string>, by: Filters): void;
  redact(text: string): string;
}

type Filters = typeof filters;

export interface JsonLayout {
  indent?: number;
  /** Names under which there are words of closed lists: they are left as they are. Default: those of our own documents. */
  words?: ReadonlySet<string>;
}

export interface Style {
  color: boolean;
  width: number;
}

export interface TerminalOptions {
  environment: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** --no-color. */
  color: boolean;
}

export function openTerminal({ environment, stdin, stdout, stderr, color }: TerminalOptions): Terminal {
  const secrets = new Set<string>();
  let redact = (text: string): string => text;
  let redactDocument: Filters["redactDocument"] = (document) => document;
  const write = writer();
  let speak = (text: string): void => write(stderr, `${text}\n`);
  const live = stderr.isTTY === true && environment.TERM !== "dumb" && !environment.CI;

  function styleOf(stream: NodeJS.WriteStream): Style {
    return { color: color && wantsColor(stream, environment), width: stream.isTTY ? stream.columns || 100 : 100 };
  }

  function jsonText(document: unknown, { indent, words }: JsonLayout = {}): string {
    return JSON.stringify(redactDocument(document, redact, words), undefined, indent);
  }

  return {
    out: (text) => write(stdout, `${redact(text)}\n`),
    json: (document, layout) => write(stdout, `${jsonText(document, layout)}\n`),
    jsonText,
    err: (text) => speak(redact(text)),
    get outStyle() {
      return styleOf(stdout);
    },
    get errStyle() {
      return styleOf(stderr);
    },
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    live,
    waiting(text) {
      if (!live) return () => {};
      let isShown = false;
      const timer = setTimeout(() => {
        isShown = true;
        write(stderr, redact(text));
      }, noticedAfter);
      return () => {
        clearTimeout(timer);
        if (isShown) write(stderr, "\r\u001b[K");
      };
    },
    redrawing(above) {
      const plainly = speak;
      speak = above;
      return () => {
        speak = plainly;
      };
    },
    hide(values, { createRedactor, redactDocument: ofDocuments }) {
      const before = secrets.size;
      for (const value of values) secrets.add(value);
      if (secrets.size > before) redact = createRedactor(secrets);
      redactDocument = ofDocuments;
    },
    redact: (text) => redact(text),
  };
}

/** Milliseconds. */
const noticedAfter = 300;

/** A reader that has gone (`| head`) ends the output, not the run: what was begun is finished. */
function writer() {
  const closed = new Set<NodeJS.WriteStream>();
  const watched = new Set<NodeJS.WriteStream>();
  return (stream: NodeJS.WriteStream, text: string): void => {
    if (!watched.has(stream)) {
      watched.add(stream);
      stream.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") throw error;
        closed.add(stream);
      });
    }
    if (!closed.has(stream)) stream.write(text);
  };
}

/** As no-color.org and force-color.org say; where both are set, no colour. */
function wantsColor(stream: NodeJS.WriteStream, environment: TerminalOptions["environment"]): boolean {
  if (environment.NO_COLOR) return false;
  const { FORCE_COLOR: force } = environment;
  if (force !== undefined) return force !== "0" && force !== "false";
  return stream.isTTY === true && environment.TERM !== "dumb";
}
