package dev.tidesync.compatibility;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that others can compile against, as text: a line for each type and, below it, for each member. */
final class PublicApi {
    private final List<String> lines = new ArrayList<>();

    private PublicApi() {}

    /** The public API of all classes in a directory. */
    static List<String> of(Path classes) throws IOException {
        PublicApi api = new PublicApi();
        for (String name : classNames(classes)) {
            api.add(load(name));
        }
        return api.lines;
    }

    private static List<String> classNames(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map(file -> classes.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void add(Class<?> type) {
        if (!isPublic(type)) {
            return;
        }
        lines.add(type.toGenericString() + ancestors(type));
        List<String> members = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            addVisible(field, field.toGenericString() + constant(field), members);
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            addVisible(constructor, constructor.toGenericString(), members);
        }
        for (Method method : type.getDeclaredMethods()) {
            addVisible(method, method.toGenericString(), members);
        }
        members.stream().sorted().forEach(member -> lines.add("  " + member));
    }

    private static boolean isPublic(Class<?> type) {
        boolean visible = Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
        return visible && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    private static String ancestors(Class<?> type) {
        String ancestors = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(Type::getTypeName)
                .filter(name -> !name.equals("java.lang.Object"))
                .collect(Collectors.joining(", "));
        return ancestors.isEmpty() ? "" : " : " + ancestors;
    }

    private static void addVisible(Member member, String text, List<String> members) {
        boolean visible = Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
        if (visible && !member.isSynthetic()) {
            members.add(text);
        }
    }

    /** javac copies constants into the classes that use them, so a change of one is a change of the API. */
    private static String constant(Field field) {
        if (!Modifier.isStatic(field.getModifiers()) || !field.getType().isPrimitive()) {
            return "";
        }
        try {
            return " = " + field.get(null);
        } catch (IllegalAccessException notPublic) {
            return "";
        }
    }
}
