"""Commands and what they cost, for the benchmarks that are scripts."""
import resource
import subprocess

RUNS = 7


def run(*command, **options):
    """The command's output; a command that fails ends the benchmark."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          text=True, **options).stdout


def least(*command, **options):
    """Processor time in seconds, the least of several runs."""
    best = None
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run(*command, **options)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = (after.ru_utime - before.ru_utime +
                 after.ru_stime - before.ru_stime)
        best = spent if best is None else min(best, spent)
    return best
