/** The release whose behaviour this server has, as it says so itself. */
export const serverVersion = "2.15.2";
export const goVersion = "go1.26.8";
/** `JSApiLevel` of that release. */
export const apiLevel = 5;
export const protocolVersion = 1;
