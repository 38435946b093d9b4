"""What several tests of clusters compute on."""

from helpers.clusters import client, in_process_cluster

__all__ = ["client", "in_process_cluster"]
