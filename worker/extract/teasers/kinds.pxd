from worker.extract.teasers.blocks cimport StoryBlock


cpdef object kind_of(StoryBlock block, int near, bint among_prose, bint elsewhere)
