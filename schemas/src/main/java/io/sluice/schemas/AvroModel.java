package io.sluice.schemas;

import org.apache.avro.specific.SpecificData;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Avro's view of our generated classes. Avro instantiates only classes that it was told to trust;
 * loading this class tells it, so that no JVM needs a system property for it.
 */
final class AvroModel {

    static final SpecificData DATA = trustingOwnPackage();

    private AvroModel() {}

    /** We trust our own package, and nothing else that was not trusted before. */
    private static SpecificData trustingOwnPackage() {
        ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        String own = AvroModel.class.getPackageName();
        ClassSecurityValidator.setGlobal(
                type -> type.getPackageName().equals(own) || before.isTrusted(type));
        return new SpecificData(AvroModel.class.getClassLoader());
    }
}
