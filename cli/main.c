#include "slope.h"
int main(void)
{
    return sl_version()[0] == 0;
}
