/** A key of KMS in the form in which it is compared: by its id, however it is named. undefined for an alias, which does not tell for which key it stands. What is not known yet stays. */
export function keyId<T>(key: T): T | string | undefined {
  if (typeof key !== "string") return key;
  return /(?:^|:)alias\//.test(key) ? undefined : key.replace(/^.*:key\//, "");
}
