package dev.tidesync.engine.simulation;

/**
 * A mistake made on purpose in one production source file.
 *
 * @param name what is wrong, in a few words
 * @param file the source file, below {@code src/main/java/dev/tidesync/engine}
 * @param original the text that is replaced; it must occur exactly once
 * @param mistake the text in its place
 */
record PlantedBug(String name, String file, String original, String mistake) {
    /** The file's text with the mistake in it. */
    String plantIn(String source) {
        int first = source.indexOf(original);
        if (first < 0 || source.indexOf(original, first + 1) >= 0) {
            throw new AssertionError("cannot plant '" + name + "': expected once in " + file + " but found "
                    + (first < 0 ? "nowhere" : "several times") + ":\n" + original
                    + "\nthe source has changed; make the mistake anew in PlantedBugs");
        }
        return source.replace(original, mistake);
    }

    @Override
    public String toString() {
        return name;
    }
}
