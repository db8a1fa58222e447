import { assertEquals } from "@std/assert";
import {
  EADDRNOTAVAIL,
  EAGAIN,
  EEXIST,
  EINTR,
  ENETDOWN,
  ENETUNREACH,
  ENOBUFS,
  ENODEV,
  ENXIO,
  errnoName,
  SysError,
} from "./sys_error.ts";

Deno.test("errnoName() names what it knows, and the number of what it does not", () => {
  const cases: readonly (readonly [number, string])[] = [
    [EINTR, "EINTR"],
    [ENXIO, "ENXIO"],
    [EAGAIN, "EAGAIN"],
    [EEXIST, "EEXIST"],
    [ENODEV, "ENODEV"],
    [EADDRNOTAVAIL, "EADDRNOTAVAIL"],
    [ENETDOWN, "ENETDOWN"],
    [ENETUNREACH, "ENETUNREACH"],
    [ENOBUFS, "ENOBUFS"],
    [1, "EPERM"],
    [4095, "errno 4095"],
    [0, "errno 0"],
  ];
  for (const [errno, name] of cases) assertEquals(errnoName(errno), name);
});

Deno.test("SysError says what could not be done, by which call and why", () => {
  const error = new SysError("bind", EADDRNOTAVAIL, "listen on eth0");
  assertEquals(
    error.message,
    "Cannot listen on eth0: bind failed with EADDRNOTAVAIL",
  );
  assertEquals(
    [error.name, error.call, error.errno, error.errnoName, error.doing],
    ["SysError", "bind", 99, "EADDRNOTAVAIL", "listen on eth0"],
  );
});
