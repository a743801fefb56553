"""Kernels in which a student's code sees nothing, changes nothing, and ends.

`provisioner` is what Jupyter calls. It starts a sandbox (`bubblewrap`), puts a kernel into it, cold
(a new Python) or warm (a fork of the `zygote`, which has TensorFlow loaded), and lets `watch` end
it when it takes more than its `limits`. `inside` is the only module that runs beside the student's
code.
"""
