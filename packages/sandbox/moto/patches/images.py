import json
import os


def apply():
    add_images()


def add_images():
    """Images that AWS has and moto's own list lacks. Backends copy the list when they are made, and again at every reset."""
    from moto.ec2.models import amis

    path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "images.json")
    with open(path, encoding="utf-8") as file:
        amis.AMIS.extend(json.load(file))
