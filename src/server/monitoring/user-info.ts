/** Where a client asks who it is; its own server alone answers. Source: `userDirectInfoSubj`. */
export const userInfoSubject = "$SYS.REQ.USER.INFO";
