"""Sockets to a kernel, as grading makes them."""

import zmq
from jupyter_client.asynchronous import AsyncKernelClient

from autograder.grading.preprocessors.patient import PatientExecute

OPTIONS = (zmq.RCVHWM, zmq.RECONNECT_IVL)


def option_values(client):
    with client.context.socket(zmq.SUB) as iopub:
        values = [iopub.getsockopt(option) for option in OPTIONS]
    client.context.destroy()
    return values


def test_a_client_loses_no_output_and_no_time():
    manager = PatientExecute(kernel_name="python3").create_kernel_manager()
    ordinary = option_values(AsyncKernelClient())
    kept, interval = option_values(manager.client())
    assert kept == 0 != ordinary[0]
    assert interval < ordinary[1]
    manager.context.destroy()
