"""The course's own side: what is released, what is expected of answers, the class's folders."""
