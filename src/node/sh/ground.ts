/** What every headless session stands on: all programs, and this process's own clock. */
import { installRealm, type Realm } from "../../clients/index.ts";
import { LessonGuide } from "../../lessons/index.ts";
import type { SessionGround } from "../../scenario/index.ts";
import { programs } from "../../shell/index.ts";

let realm: Realm | null = null;

/** A ground without trace or history: nobody looks back. The realm is installed once. */
export function headlessGround(): SessionGround {
  realm ??= installRealm({ strict: false });
  return { programs, realm, tracing: false, record: false, lessons: new LessonGuide() };
}
