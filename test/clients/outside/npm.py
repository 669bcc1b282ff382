"""Packages from npm as a lock file pins them."""
import os
import shutil
import subprocess

from harness import plain_environment


def install(folder, place):
    """Installs what package.json and package-lock.json in `folder` say in `place`, once; the output where that failed."""
    with open(os.path.join(folder, "package-lock.json"), "rb") as file:
        wanted = file.read()
    mark = os.path.join(place, "installed-lock.json")
    if os.path.exists(mark) and open(mark, "rb").read() == wanted:
        return ""
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(os.path.join(folder, name), os.path.join(place, name))
    done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=place, env={**plain_environment(), "HOME": place},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
    if done.returncode:
        return done.stdout
    with open(mark, "wb") as file:
        file.write(wanted)
    return ""
