"""Programs and kernels with a seeded defect: what is to be run to see whether it is found.

A defect in the kernel's sources makes another image: its kernel.json names the patched image beside the real
sources, so that the abstract machine runs what is right. One in C files makes another `vouch`, linked from the
objects of the build (the file vouch.link beside it) and the patched ones before its libraries.
"""
import importlib.util
import json
import os
import shutil
import subprocess
import sys

import exerciser
from catalogue import ROOT, fail
from instructions import Image

HERE = os.path.dirname(os.path.abspath(__file__))
# The programs linked anew are not where c0.h is found from.
os.environ["VOUCH_INCLUDE"] = os.path.join(ROOT, "include")
# The files of each class of device, the patched one among them.
DEVICE_FILES = {"timer": ["timer.c"], "serial": ["serial.c"], "network": ["network.c"],
                "controller": ["controller.c"],
                "disk": ["disk.c", "disk_commands.c", "disk_address.c", "disk_identify.c"]}


def run(*command):
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        fail(f"{os.path.basename(command[0])} ended with {made.returncode}:\n{made.stderr[-2000:]}")


def load_module(path):
    """make_kernel.py of a tree of its own: its ROOT is that tree."""
    specification = importlib.util.spec_from_file_location("make_kernel_of_" + str(abs(hash(path))), path)
    module = importlib.util.module_from_spec(specification)
    if os.path.dirname(path) not in sys.path:
        sys.path.append(os.path.dirname(path))
    specification.loader.exec_module(module)
    return module


class Base:
    """The kernel without a defect, and the programs of the build. `is_exerciser`: the layer's kernel that
    calls every primitive (exerciser.py), with its own parameters."""

    def __init__(self, programs, folder, parameters, is_exerciser=False):
        self.programs, self.folder = os.path.abspath(programs), os.path.abspath(folder)
        self.parameters, self.is_exerciser = parameters, is_exerciser
        make_kernel = load_module(os.path.join(ROOT, "kernel/build/make_kernel.py"))
        self.kernel = self.kernel_of(make_kernel, os.path.join(self.folder, "base"))
        self.kernel.make_kernel()
        self.kernel.make_disk(make_kernel.PROGRAMS)
        with open(self.kernel.path("kernel.json"), encoding="utf-8") as file:
            self.description = json.load(file)
        self.vouch = os.path.join(self.programs, "vouch")

    def kernel_of(self, make_kernel, folder):
        """Made by this module, of the tree that it belongs to."""
        class Exercising(make_kernel.Kernel):
            @staticmethod
            def sources(folders=("kernel/cvm", "kernel/abstract")):
                return make_kernel.Kernel.sources([exerciser.folder_of(name) for name in folders])
        kind = Exercising if self.is_exerciser else make_kernel.Kernel
        return kind(self.programs, folder, self.parameters)

    def path(self, *names):
        return self.kernel.path(*names)


class Variant:
    """`vouch` and `description` are to be used instead of the base's."""

    def __init__(self, base, defect):
        self.base, self.defect = base, defect
        self.folder = os.path.join(base.folder, defect.name)
        self.vouch, self.description = base.vouch, base.path("kernel.json")
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        {"layer": self.make_kernel, "kernel": self.make_kernel, "image": self.change_image,
         "abstract": self.make_program, "devices": self.make_device,
         "processor": self.make_program}[defect.group]()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def remove(self):
        shutil.rmtree(self.folder)

    def write_patched(self, *tree):
        """The patched file, at its path in a tree of its own."""
        path = self.path(*tree, self.defect.get("File"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.defect.patched())

    # --- Kernels ---

    def describe(self, root):
        """The patched image beside the sources below `root`."""
        description = {**self.base.description, "root": os.path.relpath(root, self.folder),
                       "image": "kernel.elf"}
        self.description = self.path("kernel.json")
        with open(self.description, "w", encoding="utf-8") as file:
            json.dump(description, file)

    def make_kernel(self):
        for part in ("cvm", "abstract", "lib", "build"):
            shutil.copytree(os.path.join(ROOT, "kernel", part), self.path("tree/kernel", part),
                            ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(os.path.join(ROOT, "kernel/config.h"), self.path("tree/kernel"))
        if self.base.is_exerciser:
            shutil.copytree(os.path.join(ROOT, "tests/cosim/exerciser"), self.path("tree/tests/cosim/exerciser"))
        self.write_patched("tree")
        make_kernel = load_module(self.path("tree/kernel/build/make_kernel.py"))
        self.base.kernel_of(make_kernel, self.folder).make_kernel()
        self.describe(self.path("tree") if self.defect.get("Both") == "yes" else ROOT)

    def change_image(self):
        image = Image(self.base.path("kernel.elf"))
        pattern, number, change = (part.strip() for part in self.defect.get("Change").split("|"))
        if not image.change(self.defect.get("Function"), pattern, int(number), change):
            fail(f"{self.defect.name}: {self.defect.get('Function')} has no such instruction")
        image.write(self.path("kernel.elf"))
        self.describe(ROOT)

    # --- Programs ---

    def link_line(self):
        with open(os.path.join(self.base.programs, "vouch.link"), encoding="utf-8") as file:
            lines = [line for line in file.read().split("\n") if line]
        return lines[0].split(), lines[1].split(";"), lines[2].split(";")

    def compile(self, source, target, *options):
        compiler, _, _ = self.link_line()
        run(*compiler, "-I", self.path("tree"), "-I", ROOT, *options, "-c", source, "-o", self.path(target))
        return self.path(target)

    def compile_patched(self, names):
        objects = []
        for name in names:
            own = self.path("tree", name)
            source = own if os.path.exists(own) else os.path.join(ROOT, name)
            objects.append(self.compile(source, name.replace("/", "_") + ".o"))
        return objects

    def link(self, objects, *options):
        compiler, program, libraries = self.link_line()
        self.vouch = self.path("vouch")
        run(*compiler, *options, *objects, *program, "-Wl,--start-group", *libraries, "-Wl,--end-group",
            "-o", self.vouch)

    def make_program(self):
        """The patched objects come before the library that has the same functions."""
        self.write_patched("tree")
        self.link(self.compile_patched(self.defect.list("Compile", self.defect.get("File"))))

    def make_device(self):
        """A second copy of the device, under another name, beside the right one; one_side.c gives
        one machine the right one and the other machine the copy."""
        self.write_patched("tree")
        device = self.defect.get("Device")
        names = ["semantics/devices/" + name for name in DEVICE_FILES[device]]
        run("ld", "-r", "-o", self.path("copy.o"), *self.compile_patched(names))
        run("objcopy", f"--keep-global-symbol=device_new_{device}", self.path("copy.o"))
        run("objcopy", f"--redefine-sym=device_new_{device}=defective_device_new_{device}",
            self.path("copy.o"))
        side = {"physical": "ON_PHYSICAL_SIDE", "abstract": "ON_ABSTRACT_SIDE"}[self.defect.get("Side")]
        choice = self.compile(os.path.join(HERE, "one_side.c"), "one_side.o",
                              f"-DDEFECTIVE_{device.upper()}", f"-D{side}")
        self.link([self.path("copy.o"), choice], f"-Wl,--wrap=device_new_{device}")
