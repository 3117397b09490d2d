"""What of the package is compiled: each module of Cython, by all processors at once."""

import os

from Cython.Build import cythonize
from setuptools import Extension, setup

MODULES = [Extension("*", ["worker/**/*.pyx"], extra_compile_args=["-O2", "-g0"])]

setup(
    ext_modules=cythonize(MODULES, nthreads=os.cpu_count() or 1, quiet=True),
    options={"build_ext": {"parallel": os.cpu_count()}},
)
