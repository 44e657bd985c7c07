"""What the program must bear: being killed, disks that fail, errors that nobody foresaw."""
