"""One child: a body that grows, a brain that is kept, and a diary of all that it practised."""
