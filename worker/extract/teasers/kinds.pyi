from schemas import TeaserKind
from worker.extract.teasers.blocks import StoryBlock

def kind_of(block: StoryBlock, near: int, among_prose: bool, elsewhere: bool) -> TeaserKind: ...
