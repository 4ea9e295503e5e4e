/** What there is to say of a diagnostic beyond its own words: its page in the documentation. */
export interface Entry {
  /** What it means, in a line that ends with a full stop. */
  says: string;
  /** Why that is so, or why it matters. */
  why: string;
  /** What to do about it. */
  mend: string;
  /** The page of AWS's documentation that decides it. */
  see?: string;
  /** The smallest files that it is said of, by path; a text alone is `template.yaml`. Not given: it is told of live AWS, of git or of the disk. */
  example?: string | Readonly<Record<string, string>>;
}

/** Diagnostics that belong together, by their code. */
export interface Family {
  /** A heading. */
  title: string;
  /** When they are told. */
  about: string;
  entries: Readonly<Record<string, Entry>>;
}

/** An entry with its code and the heading of its family. */
export interface CatalogueEntry extends Entry {
  id: string;
  family: string;
}
