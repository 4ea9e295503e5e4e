/** A public key as SSH writes it, without its comment. */
export interface PublicKey {
  type: "rsa" | "ed25519";
  /** `ssh-ed25519 AAAA…` */
  text: string;
}

const types: Readonly<Record<string, PublicKey["type"]>> = { "ssh-rsa": "rsa", "ssh-ed25519": "ed25519" };

/**
 * A public key in a form that EC2 imports: the line of an OpenSSH `.pub` file, or RFC 4716's lines. undefined: it is neither, or of another type. (EC2 also takes DER, which
 * nothing writes for SSH: it could not be compared with what EC2 shows.)
 */
export function publicKey(written: string): PublicKey | undefined {
  const text = written.trim();
  const encoded = text.startsWith("---- BEGIN SSH2 PUBLIC KEY ----") ? bodyOf(text) : text.split(/\s+/)[1];
  const blob = Buffer.from(encoded ?? "", "base64");
  // The key says itself what it is: a length of four bytes, then the name of its type.
  const name = blob.length > 4 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1") : "";
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  return type && { type, text: `${name} ${blob.toString("base64")}` };
}

/** RFC 4716: headers (`Comment: …`, continued after a backslash) stand before the key. */
function bodyOf(text: string): string {
  const lines = text.replaceAll(/\\\r?\n/g, "").split(/\r?\n/);
  return lines.filter((line) => !line.startsWith("----") && !line.includes(":")).join("");
}
