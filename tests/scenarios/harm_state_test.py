"""Harm to the state: no room, a lock, a read-only place, damage. What a person
sees of it in the log and in `status`, that the chain goes on by itself where it
can, and that nothing is lost or doubled."""
import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import unittest

from harness import now_ms, wait_for
from records import Scenario

QUICK = {"hubspot": {"poll_interval": "200ms"},
         "salesforce": {"poll_interval": "200ms"}}
ROOM = 8 << 20
DISK_FULL = r"state .*/state\.db: (the disk is full|.*not full).*"


class State(Scenario):
    """A World whose state folder can be harmed."""

    def harmed(self, is_disk=False):
        """A World that knows a tied contact; on a small disk of its own?"""
        if is_disk and os.geteuid() != 0:
            self.skipTest("only root can mount a small disk")
        world = self.world(settings=QUICK)
        if is_disk:
            folder = os.path.join(world.dir, "var")
            os.mkdir(folder)
            self.mount("-t", "tmpfs", "-o", f"size={ROOM}", "none", folder)
            world.stack.callback(self.mount, folder, command="umount")
        return world, world.tied_contact()

    def mount(self, *words, command="mount"):
        """Or umount: a container may not let it."""
        done = subprocess.run([command, *words], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0 and command == "mount":
            self.skipTest(f"a small disk cannot be mounted: {done.stderr}")

    @staticmethod
    def path(world, name="state.db"):
        """In the state folder."""
        return os.path.join(world.dir, "var", name)

    def nothing_is_lost_or_doubled(self, world, keys):
        """Once the harm has ended."""
        world.arrived(keys)
        world.stop()
        summary = world.sync()
        self.figures(summary)
        self.assertEqual(world.tasks().keys(), set(keys))

    def log_has(self, world, *patterns):
        """Wait until it has lines like these."""
        for pattern in patterns:
            wait_for(lambda p=pattern: re.search(p, world.logs()),
                     f"{pattern}\n{world.logs()[-6000:]}")


class Passing(State):
    """The chain goes on by itself when it is over."""

    def fill(self, world):
        """Not a byte is left; the file that takes it."""
        path = self.path(world, "filler")
        with open(path, "wb", buffering=0) as file:
            with contextlib.suppress(OSError):
                while file.write(b"x" * 4096):
                    pass
        return path

    def test_the_disk_is_full_for_a_while(self):
        world, contact = self.harmed(is_disk=True)
        world.start()
        keys = world.load_calls(contact, 5)
        world.arrived(keys)
        before = now_ms()
        filler = self.fill(world)
        keys += world.load_calls(contact, 700)
        wait_for(lambda: world.status()["state"], "the state to fail")
        status = world.status()
        self.assertRegex(status["state"]["detail"], DISK_FULL)
        self.assertLessEqual(before, status["state"]["since"])
        self.assertFalse(status["ok"])
        self.assertRegex(world.run("status").stdout,
                         "STATE FAILS  " + DISK_FULL + "since 20")
        os.unlink(filler)
        wait_for(lambda: not world.status()["state"], "the state to be well")
        self.log_has(world, r"the state can be written again.* since=.*disk")
        self.nothing_is_lost_or_doubled(world, keys)

    def test_another_program_holds_it_for_long(self):
        world, contact = self.harmed()
        world.start()
        keys = world.load_calls(contact, 5)
        world.arrived(keys)
        with contextlib.closing(sqlite3.connect(self.path(world))) as db:
            db.execute("BEGIN IMMEDIATE")
            keys += world.load_calls(contact, 50)
            self.log_has(world, r"the state cannot be written.*another process "
                                r"holds it for long.*it goes on when")
            shown = world.run("status", code=None).stdout
            self.assertRegex(shown, r"does not answer|STATE FAILS.*holds it|"
                                    r"exit code 75, is started again")
            db.rollback()
        self.log_has(world, "the state can be written again")
        self.nothing_is_lost_or_doubled(world, keys)


class Refused(State):
    """Until a person has mended it; nothing is changed meanwhile."""

    def read(self, world):
        """The file as it is; None: it is not there."""
        with contextlib.suppress(FileNotFoundError):
            with open(self.path(world), "rb") as file:
                return file.read()

    def is_refused(self, world, pattern, code=78):
        """By whatever works on it; and the file stays."""
        bad = self.read(world)
        for words in (("start",), ("sync", "--json"), ("status",)):
            done = world.run(*words, code=code)
            self.assertRegex(done.stderr, pattern, words)
        self.assertRegex(world.run("status", code=None).stdout,
                         "STATE FAILS  " + pattern)
        self.assertIn("STATE", world.run("status", code=None).stdout)
        self.assertEqual(self.read(world), bad)
        self.assertEqual(world.processes(), [])

    def damage(self, world):
        """As a disk does it: pages within the file."""
        with open(self.path(world), "r+b") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(4096)
            file.write(os.urandom(size - 4096))

    def mended_by(self, mend):
        """Damage that is refused, and mended like this."""
        world, contact = self.harmed()
        keys = world.load_calls(contact, 20)
        world.sync()
        with contextlib.closing(sqlite3.connect(self.path(world))) as db, \
                contextlib.closing(sqlite3.connect(
                    self.path(world, "backup.db"))) as to:
            db.backup(to)
        keys += world.load_calls(contact, 5)
        world.sync()
        # Who closes last may only read; what is in the log hides the damage.
        with contextlib.closing(sqlite3.connect(self.path(world))) as db:
            wait_for(lambda: db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                     .fetchone()[0] == 0, "the log to be empty")
        mend(world)
        world.start()
        keys += world.load_calls(contact, 5)
        self.nothing_is_lost_or_doubled(world, keys)

    def test_it_is_damaged_and_a_backup_helps(self):
        def mend(world):
            self.damage(world)
            self.is_refused(world, r"state .*/state\.db is damaged.*put a "
                                   r"backup in its place.*in the README")
            shutil.copy(self.path(world, "backup.db"), self.path(world))
        self.mended_by(mend)

    def test_no_state_at_all(self):
        def mend(world):
            with open(self.path(world), "r+b") as file:
                file.write(b"not a database")
            self.is_refused(world, r"state .*/state\.db is damaged or no "
                                   r"state.*put a backup in its place")
            shutil.copy(self.path(world, "backup.db"), self.path(world))
        self.mended_by(mend)

    def test_its_end_is_missing_and_it_begins_anew(self):
        def mend(world):
            with open(self.path(world), "r+b") as file:
                file.truncate(os.fstat(file.fileno()).st_size - 4096)
            self.is_refused(world, r"state .*/state\.db is damaged")
            for name in os.listdir(self.path(world, "")):
                if name.startswith("state.db"):
                    os.rename(self.path(world, name),
                              self.path(world, f"damaged.{name}"))
        self.mended_by(mend)

    def test_it_is_cut_to_nothing_or_gone(self):
        """It is not silently begun anew."""
        for is_there in (True, False):
            with self.subTest(is_there=is_there):
                def mend(world, is_there=is_there):
                    os.unlink(self.path(world))
                    if is_there:
                        with open(self.path(world), "w"):
                            pass
                    self.is_refused(world, r"state .*/state\.db is empty or "
                                    r"gone, and was not: .* remove .*-made")
                    shutil.copy(self.path(world, "backup.db"),
                                self.path(world))
                self.mended_by(mend)

    def test_it_is_damaged_while_the_chain_runs(self):
        def mend(world):
            world.start()
            with contextlib.closing(sqlite3.connect(self.path(world),
                                                    timeout=30)) as db:
                # what is in the log of SQLite is not damaged
                wait_for(lambda: db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                         .fetchone() == (0, 0, 0), "an empty log")
            self.damage(world)
            done = world.run("status", code=78)
            self.assertRegex(done.stdout, "running: process")
            self.assertRegex(done.stdout, "STATE FAILS  .*is damaged.*backup")
            world.run("stop", code=None)
            self.is_refused(world, r"state .*/state\.db is damaged")
            for name in ("state.db-wal", "state.db-shm"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self.path(world, name))
            shutil.copy(self.path(world, "backup.db"), self.path(world))
        self.mended_by(mend)

    def test_it_may_only_be_read(self):
        world, contact = self.harmed(is_disk=True)
        keys = world.load_calls(contact, 5)
        world.sync()
        folder = self.path(world, "")
        # The log of SQLite goes with the last that may write: beside one, a
        # state can still be read here, and status has nothing to complain of.
        with contextlib.closing(sqlite3.connect(self.path(world))) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.assertFalse(os.path.exists(self.path(world, "state.db-wal")))
        self.mount("-o", "remount,ro", folder)
        for words in (("start",), ("sync", "--json")):
            done = world.run(*words, code=None)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("Read-only", done.stderr)
            self.assertRegex(done.stderr, "writable|can write")
        shown = world.run("status", code=66)
        self.assertRegex(shown.stdout, "STATE FAILS .*folder is writable")
        self.mount("-o", "remount,rw", folder)
        world.start()
        keys += world.load_calls(contact, 5)
        self.nothing_is_lost_or_doubled(world, keys)


if __name__ == "__main__":
    unittest.main()
