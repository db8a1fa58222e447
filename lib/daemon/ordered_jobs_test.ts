import { assertEquals } from "@std/assert";
import { OrderedJobs } from "./ordered_jobs.ts";

Deno.test("jobs of one key run in order, those of another do not wait for them", async () => {
  const jobs = new OrderedJobs();
  const told: string[] = [];
  const slow = Promise.withResolvers<void>();
  const other = Promise.withResolvers<void>();
  jobs.put("VI_1", async () => {
    told.push("VI_1 MASTER begins");
    await slow.promise;
    told.push("VI_1 MASTER ends");
  });
  jobs.put("VI_1", () => {
    told.push("VI_1 BACKUP");
    return Promise.resolve();
  });
  jobs.put("VI_2", () => {
    told.push("VI_2 MASTER");
    other.resolve();
    return Promise.resolve();
  });
  await other.promise;
  assertEquals(told, ["VI_1 MASTER begins", "VI_2 MASTER"]);
  slow.resolve();
  await jobs.idle();
  assertEquals(told.slice(2), ["VI_1 MASTER ends", "VI_1 BACKUP"]);
});

Deno.test("a job that fails holds up nothing", async () => {
  const jobs = new OrderedJobs();
  const told: string[] = [];
  jobs.put("VI_1", () => Promise.reject(new Error("no such script")));
  jobs.put("VI_1", () => {
    told.push("next");
    return Promise.resolve();
  });
  await jobs.idle();
  assertEquals(told, ["next"]);
});
