package org.postern.electricityimportsupplier;

import java.util.Map;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.rolecontract.RoleContract;
import org.postern.servicerequests.RoleBundle;

class ElectricityImportSupplierTest extends RoleContract {

    ElectricityImportSupplierTest() {
        super(UserRole.IS, "electricity-import-supplier", 111, "7.1");
    }

    @Override
    protected RoleBundle create(ServiceCatalogue catalogue, Map<String, Object> settings) {
        return new ElectricityImportSupplier(catalogue, settings);
    }

    @Override
    protected Class<?> settings() {
        return ElectricityImportSupplier.Settings.class;
    }

    @Override
    protected boolean topsUp() {
        return true;
    }
}
