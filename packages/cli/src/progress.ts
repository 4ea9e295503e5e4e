/** What a program that stops half-way has to say: whether anything was sent that changes AWS. One run after the other. */
export const progressOfRun = { mutated: false };
