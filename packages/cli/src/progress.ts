/** What a program that stops half-way has to say: whether anything was sent that changes AWS. One process makes one run. */
export const progressOfRun = { mutated: false };
